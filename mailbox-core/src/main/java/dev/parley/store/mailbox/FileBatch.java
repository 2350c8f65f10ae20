package dev.parley.store.mailbox;

import dev.parley.address.SessionId;
import dev.parley.mailbox.Batch;
import dev.parley.store.Disk;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.lock.OwnerToken;
import dev.parley.store.mailbox.ClaimName.Phase;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@link Batch} as a claim directory. Confirming is one rename of it, so it happens to the whole batch or not at all.
 *
 * <p>The directory moves along when its session is re-identified, so it is looked for in the order in which it moves.
 */
final class FileBatch implements Batch {

    /** So many re-identifications are followed; a move shortens the way to one. */
    private static final int MAX_PLACES = 16;

    private final Store store;
    private final Disk disk;
    private final Maildir made;
    private final OwnerToken token;
    private final List<Claimed> messages;
    private final int remaining;
    private ClaimName claim;

    FileBatch(Maildir made, ClaimName claim, List<Claimed> messages, int remaining) {
        this.store = made.store();
        this.disk = store.disk();
        this.made = made;
        this.token = claim.token();
        this.messages = List.copyOf(messages);
        this.remaining = remaining;
        this.claim = claim;
    }

    @Override
    public List<Claimed> messages() {
        return messages;
    }

    @Override
    public int remaining() {
        return remaining;
    }

    @Override
    public void written() throws IOException {
        moveTo(Part.CUR);
    }

    @Override
    public void confirm() throws IOException {
        moveTo(Part.SHOWN);
        try {
            ShownClaims.prune(new Maildir(store, store.currentOf(made.session())));
        } catch (IOException e) {
            // They are confirmed; tidying up is the next one's to repeat.
            store.trace()
                    .event(
                            Event.SHOWN_NOT_PRUNED,
                            Map.of("session", made.session().value(), "reason", e.toString()));
        }
    }

    private void moveTo(Part part) throws IOException {
        ClaimName next = new ClaimName(Phase.WRITTEN, token);
        if (messages.isEmpty() || (part == Part.CUR && claim.phase() == Phase.WRITTEN)) {
            return;
        }
        for (Maildir place : places()) {
            Path from = place.claims().resolve(claim.toString());
            try {
                disk.rename(from, store.part(place.session(), part).resolve(next.toString()));
            } catch (NoSuchFileException e) {
                continue;
            }
            claim = next;
            followMove(place.session(), part);
            return;
        }
        // A hook has confirmed it, or a restart of the session has taken it back: either way it is not this taker's to
        // move.
        claim = next;
        store.trace().event(Event.CLAIM_GONE, Map.of("claim", token.toString()));
    }

    /** It has been moved; if it cannot follow its session now, the next who settles that session brings it. */
    private void followMove(SessionId session, Part part) {
        try {
            store.follow(session, part, claim.toString());
        } catch (IOException e) {
            store.trace().event(Event.CLAIM_LEFT_BEHIND, Map.of("claim", token.toString(), "reason", e.toString()));
        }
    }

    /** Where the claim may be: under the id for which it was made, and those to which that has moved. */
    private List<Maildir> places() throws IOException {
        List<Maildir> places = new ArrayList<>();
        Optional<SessionId> at = Optional.of(made.session());
        while (at.isPresent() && places.size() < MAX_PLACES) {
            places.add(new Maildir(store, at.get()));
            at = store.forwardOf(at.get());
        }
        return places;
    }

    @Override
    public void giveBack(Seen seen) throws IOException {
        if (messages.isEmpty()) {
            return;
        }
        for (Maildir place : places()) {
            Recovery.putBack(place, place.claims().resolve(claim.toString()), seen);
        }
    }
}
