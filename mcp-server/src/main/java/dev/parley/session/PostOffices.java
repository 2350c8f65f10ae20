package dev.parley.session;

import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Retention;
import dev.parley.office.Annex;
import dev.parley.office.PostOffice;
import dev.parley.office.PostOfficeProvider;
import dev.parley.office.PostOfficeProvider.Opening;
import dev.parley.office.Reach;
import dev.parley.office.Upkeep;
import dev.parley.peer.Project;
import dev.parley.store.Store;
import dev.parley.trace.Event;
import dev.parley.trace.Trace;
import dev.parley.trace.UnavailableException;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens the post office that the environment names: the one place that knows how engines are found. */
public final class PostOffices {

    /** A directory; what needs no scheme. */
    private static final String DIRECTORY = "file";

    /** Two slashes, so that no path is taken for an address. */
    private static final Pattern ADDRESS = Pattern.compile("([a-z][a-z0-9+.-]*)://.*", Pattern.DOTALL);

    private PostOffices() {}

    /**
     * Opens the post office that the environment names, making it if it is absent.
     *
     * @throws UnavailableException if it cannot be used; nothing has been written then
     */
    public static PostOffice open(Map<String, String> environment, Trace trace) throws IOException {
        String named = environment.getOrDefault(Setting.HOME.variable(), "");
        Matcher address = ADDRESS.matcher(named);
        boolean elsewhere = address.matches() && !address.group(1).equals(DIRECTORY);
        Opening opening = new Opening(
                elsewhere ? named : home(environment).toString(),
                !Setting.DURABILITY.text(environment).equals("process"),
                new Retention((int) Setting.RECEIVED_MAX.number(environment), PendingAsk.LIFE));
        PostOffice office = provider(elsewhere ? address.group(1) : DIRECTORY).open(opening, trace);
        return isHubUsed(environment) ? withAnnex(office) : office;
    }

    private static boolean isHubUsed(Map<String, String> environment) {
        return Setting.HUB.text(environment).equals("on");
    }

    /** Mail within the machine does not depend on what reaches further: what cannot be read is traced, and left out. */
    private static PostOffice withAnnex(PostOffice office) {
        for (Annex annex : ServiceLoader.load(Annex.class)) {
            try {
                Optional<PostOffice> further = annex.around(office);
                if (further.isPresent()) {
                    return further.get();
                }
            } catch (IOException e) {
                office.trace().event(Event.HUB_SETTINGS_UNREADABLE, Map.of("reason", e.toString()));
            }
        }
        return office;
    }

    /**
     * Does what one process of this machine has to do so that mail goes to other machines and comes from them, until the thread is
     * interrupted. Returns at once where the machine belongs to no team, or the environment does without.
     *
     * @throws UnavailableException if the post office cannot be used
     */
    public static void attend(Map<String, String> environment, Trace trace) throws IOException, InterruptedException {
        if (!isHubUsed(environment)) {
            return;
        }
        for (Annex annex : ServiceLoader.load(Annex.class)) {
            Optional<PostOffice> further = annex.around(open(environment, trace));
            if (further.isPresent()) {
                annex.attend(further.get(), environment);
            }
        }
    }

    /**
     * Opens the post office in a directory, making it if it is absent; what is acknowledged survives a power cut.
     *
     * @throws UnavailableException if it cannot be used; nothing has been written then
     */
    public static PostOffice at(Path home, Trace trace) throws IOException {
        return provider(DIRECTORY).open(new Opening(home.toString(), true, Retention.DEFAULT), trace);
    }

    private static PostOfficeProvider provider(String scheme) throws UnavailableException {
        List<String> known = new ArrayList<>();
        for (PostOfficeProvider provider : ServiceLoader.load(PostOfficeProvider.class)) {
            if (provider.scheme().equals(scheme)) {
                return provider;
            }
            known.add(provider.scheme());
        }
        throw new UnavailableException(
                Setting.HOME.variable() + " is an address of the kind '" + scheme + "', and this installation knows "
                        + known + " only; set it to a directory, or unset it for ~/.parley");
    }

    /**
     * How far a project's sessions reach; empty where this machine has joined no team.
     *
     * @param office one that was opened in this environment
     * @throws InterruptedException if interrupted while it was looked why
     */
    public static Optional<Reach> reach(Map<String, String> environment, PostOffice office, Project project)
            throws InterruptedException {
        Optional<Reach> further = office.reach(project.key());
        if (further.isPresent() || Files.notExists(Path.of(office.place()).resolve("hub"))) {
            return further;
        }
        return Optional.of(new Reach.Local(
                isHubUsed(environment)
                        ? "this server was started before its machine joined a team, or cannot read its file 'hub': start the"
                                + " client again; 'parley doctor' tells if that does not help"
                        : Setting.HUB.variable() + "=off: this session does without the team of its machine"));
    }

    /**
     * How an office is kept in order.
     *
     * @throws UnavailableException if that is not done from here
     */
    public static Upkeep upkeep(PostOffice office) throws UnavailableException {
        return office.upkeep()
                .orElseThrow(() -> new UnavailableException(
                        office.place() + " is kept in order by whoever runs it; there is nothing to do from here"));
    }

    /**
     * The directory of the user's own plug-ins; empty if there is none.
     *
     * @throws IOException if the directory it lies in is not the user's alone: plug-ins are code, so one that would not be
     *     used for mail is not believed in this either
     */
    public static Optional<Path> plugins(Map<String, String> environment) throws IOException {
        Path home = home(environment);
        return Files.exists(home.resolve("plugins"))
                ? Optional.of(Store.checkedHome(home).resolve("plugins"))
                : Optional.empty();
    }

    /**
     * The directory that the environment names.
     *
     * @throws UnavailableException if it names none; the message says what to set
     */
    public static Path home(Map<String, String> environment) throws IOException {
        try {
            return HomeDirectory.ofStore(environment);
        } catch (IOException e) {
            throw new UnavailableException(Why.of(e), e);
        }
    }
}
