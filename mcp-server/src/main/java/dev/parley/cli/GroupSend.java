package dev.parley.cli;

import dev.parley.ledger.Delivery.Ring;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.PlainText;
import dev.parley.peer.Groups;
import dev.parley.peer.Groups.Audience;
import dev.parley.peer.Groups.Audience.Members;
import dev.parley.peer.Groups.Audience.Nobody;
import dev.parley.peer.Groups.Audience.TooMany;
import dev.parley.peer.Groups.Audience.Unknown;
import dev.parley.peer.Peer;
import dev.parley.trace.Why;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.Function;

/** {@code parley send @group}: a copy to each member that has not ended, and a line for each. Rings nobody. */
final class GroupSend {

    private final Operator operator;
    private final PrintWriter out;

    GroupSend(Operator operator, PrintWriter out) {
        this.operator = operator;
        this.out = out;
    }

    /**
     * Sends it.
     *
     * @param envelopeFor the copy of a receiver, with an id of its own
     * @return the exit code: it worked if anybody's copy was stored
     * @throws IOException if there is nobody to send it to
     */
    int send(String target, Peer caller, Function<Peer, Envelope> envelopeFor) throws IOException {
        Members members = members(target, caller);
        int stored = 0;
        for (Peer receiver : members.peers()) {
            Envelope envelope = envelopeFor.apply(receiver).toGroup(members.group());
            String whom = receiver.called() + " (" + PlainText.line(receiver.client()) + ")";
            try {
                operator.office().delivery().send(envelope, receiver, Ring.NO);
                stored++;
                out.println("stored " + envelope.id() + " for " + whom);
            } catch (IOException e) {
                out.println("not stored for " + whom + ": " + Why.of(e));
            }
            // What is stored is stored, whatever becomes of the rest.
            out.flush();
        }
        out.println(stored + " of " + members.peers().size() + " in " + Groups.target(members.group())
                + "; nobody is rung: each sees it when it next looks");
        out.flush();
        return stored > 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private Members members(String target, Peer caller) throws IOException {
        Audience audience = Groups.find(target, caller, operator.office().peers());
        if (audience instanceof Members members) {
            return members;
        }
        if (audience instanceof Nobody none) {
            throw new IOException("no other session that is running belongs to " + Groups.target(none.group())
                    + "; nothing was sent");
        }
        if (audience instanceof TooMany many) {
            throw new IOException(Groups.target(many.group()) + " has " + many.count()
                    + " members, and a message goes to at the most " + Groups.MOST_RECEIVERS
                    + "; nothing was sent. Send to a smaller group");
        }
        Unknown unknown = (Unknown) audience;
        throw new IOException("no session belongs to the group '" + target + "': " + unknown.hint());
    }
}
