package dev.parley.cockpit.web;

import dev.parley.office.PostOffice;
import dev.parley.overview.Correspondence;
import dev.parley.overview.Overview;
import dev.parley.peer.Project;

/**
 * The project that the page shows.
 *
 * @param office the store
 * @param project which
 * @param overview who is there
 * @param correspondence what they wrote
 * @param kept what of that is kept, in a sentence
 */
public record ProjectView(
        PostOffice office, Project project, Overview overview, Correspondence correspondence, String kept) {

    /** The view of a project. */
    public static ProjectView of(PostOffice office, Project project, String kept) {
        Overview overview = new Overview(office);
        return new ProjectView(office, project, overview, overview.correspondence(project.key()), kept);
    }
}
