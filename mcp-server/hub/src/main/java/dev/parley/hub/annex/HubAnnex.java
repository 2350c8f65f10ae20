package dev.parley.hub.annex;

import dev.parley.hub.Duty;
import dev.parley.hub.HubFile;
import dev.parley.hub.HubOffice;
import dev.parley.hub.HubSettings;
import dev.parley.hub.Membership;
import dev.parley.hub.RoadException;
import dev.parley.hub.nats.NatsRoad;
import dev.parley.office.Annex;
import dev.parley.office.PostOffice;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** {@link Annex} for machines that have joined a team. */
public final class HubAnnex implements Annex {

    /** For the service loader. */
    public HubAnnex() {}

    @Override
    public Optional<PostOffice> around(PostOffice office) throws IOException {
        if (office.remoteMail().isEmpty()) {
            return Optional.empty();
        }
        HubFile file = HubFile.in(Path.of(office.place()));
        if (file.read().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new HubOffice(office, new TeamOfFile(file, office.trace())));
    }

    @Override
    public void attend(PostOffice office, Map<String, String> environment) throws InterruptedException {
        try {
            HubFile file = HubFile.in(Path.of(office.place()));
            new Duty(
                            office,
                            new TeamOfFile(file, office.trace()),
                            () -> NatsRoad.open(membership(file), environment, office.trace()))
                    .run();
        } catch (IOException e) {
            TeamOfFile.unreadable(office.trace(), e);
        }
    }

    private static Membership membership(HubFile file) throws RoadException {
        try {
            Optional<HubSettings> settings = file.read();
            return settings.map(HubSettings::membership)
                    .orElseThrow(() -> new RoadException(RoadException.Kind.ODD, "this machine has left its team"));
        } catch (RoadException e) {
            throw e;
        } catch (IOException e) {
            throw new RoadException(RoadException.Kind.ODD, Why.of(e), e);
        }
    }
}
