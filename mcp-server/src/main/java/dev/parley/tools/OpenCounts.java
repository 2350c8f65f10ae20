package dev.parley.tools;

import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Work;
import dev.parley.office.PostOffice;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.SessionOverview;
import dev.parley.remote.Progress;
import dev.parley.remote.RemoteMail;
import dev.parley.remote.SentMail.Sent;
import dev.parley.trace.Event;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many requests that are not finished each session of a project owes, and how many it is owed. Requests to sessions that
 * have ended count as well: whoever asked them may wait for ever.
 *
 * @param owing by who received them; a session whose requests cannot be read is missing
 * @param owed by who sent them
 */
record OpenCounts(Map<SessionId, Integer> owing, Map<SessionId, Integer> owed) {

    /** Nothing was counted. */
    static final OpenCounts NONE = new OpenCounts(Map.of(), Map.of());

    static OpenCounts of(ProjectOverview project, PostOffice office) {
        Map<SessionId, Integer> owing = new HashMap<>();
        Map<SessionId, Integer> owed = new HashMap<>();
        for (SessionOverview session : project.sessions()) {
            try {
                List<Work> unfinished = office.work(session.id()).unfinished();
                owing.put(session.id(), unfinished.size());
                for (Work work : unfinished) {
                    Optional<SessionId> from = work.request().localSender();
                    if (from.isPresent()) {
                        owed.merge(office.peers().current(from.get()), 1, Integer::sum);
                    }
                }
                int afar = openAfar(session.id(), office);
                if (afar > 0) {
                    owed.merge(session.id(), afar, Integer::sum);
                }
            } catch (IOException e) {
                office.trace()
                        .event(
                                Event.WORK_UNREADABLE,
                                Map.of("session", session.id().value(), "reason", e.toString()));
            }
        }
        return new OpenCounts(owing, owed);
    }

    /** How many requests of a session that went to other machines are not finished, as far as these have told. */
    private static int openAfar(SessionId requester, PostOffice office) throws IOException {
        Optional<RemoteMail> mail = office.remoteMail();
        if (mail.isEmpty() || mail.get().cards().hosts().isEmpty()) {
            return 0;
        }
        int open = 0;
        for (PendingAsk ask : office.asks(requester).all()) {
            Optional<Sent> sent = mail.get().sent().find(ask.messageId());
            boolean isEnded = sent.flatMap(Sent::progress)
                    .flatMap(Progress::work)
                    .filter(work -> work.state().isTerminal())
                    .isPresent();
            open += sent.isPresent() && !isEnded ? 1 : 0;
        }
        return open;
    }

    /** Those of one session; null for what cannot be read. */
    void put(Map<String, Object> out, SessionId session) {
        out.put("owing", owing.get(session));
        out.put("owed", owed.getOrDefault(session, 0));
    }
}
