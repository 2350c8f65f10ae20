package dev.parley.store.remote;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.mailbox.Envelope;
import dev.parley.remote.RemoteCards.Shelf;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.trace.Why;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;

/**
 * A file of what is known of other machines and of mail to and from them, as {@code docs/FORMAT.md} describes it: which name it has,
 * and what it holds. For whoever looks through a store; nothing of it holds mail that waits.
 */
public final class RemoteNote {

    /** The directories that hold nothing else. */
    public static final List<String> DIRECTORIES = List.of(
            FileSentMail.DIRECTORY, FileFollowed.DIRECTORY, FileRefusedMail.DIRECTORY, FileRemoteCards.DIRECTORY);

    /** What reads the lines of one, and refuses what it should not hold by an {@link IllegalArgumentException}. */
    private interface Form {
        void read(Path file, byte[] content) throws CorruptFileException;
    }

    private final int maxBytes;
    private final String loss;
    private final Form form;

    private RemoteNote(int maxBytes, String loss, Form form) {
        this.maxBytes = maxBytes;
        this.loss = loss;
        this.form = form;
    }

    private static RemoteNote ofLines(int maxBytes, String loss, Consumer<String> line) {
        return new RemoteNote(maxBytes, loss, (file, content) -> {
            String lines = Checksummed.decode(file, content);
            lines.lines().forEach(line);
        });
    }

    /** Whether a name is that of a file that was begun. */
    public static boolean isBegun(String name) {
        return SmallFiles.isBegun(name);
    }

    /** The message of which a file in {@code sent} tells what became of it; empty if it is none. */
    public static Optional<MessageId> progressOf(String name) {
        String id = name.substring(0, Math.max(0, name.length() - FileSentMail.PROGRESS.length()));
        return name.endsWith(FileSentMail.PROGRESS) && MessageId.isValid(id)
                ? Optional.of(new MessageId(id))
                : Optional.empty();
    }

    /** The message that has left, as a file in {@code sent} is named after it; empty if it is none. */
    public static Optional<MessageId> sentAs(String name) {
        Matcher left = FileSentMail.LEFT.matcher(name);
        return left.matches() && HostName.isValid(left.group(2))
                ? Optional.of(new MessageId(left.group(1)))
                : Optional.empty();
    }

    /** What a name in a directory stands for; empty if nothing of that name belongs there. */
    public static Optional<RemoteNote> of(String directory, String name) {
        return switch (directory) {
            case FileOutbox.DIRECTORY -> name.equals(OutboxTeam.NAME) ? Optional.of(team()) : Optional.empty();
            case FileSentMail.DIRECTORY ->
                sentAs(name).map(RemoteNote::sent).or(() -> progressOf(name).map(RemoteNote::progress));
            case FileFollowed.DIRECTORY ->
                MessageId.isValid(name) ? Optional.of(followed(new MessageId(name))) : Optional.empty();
            case FileRefusedMail.DIRECTORY ->
                FileRefusedMail.NAME.matcher(name).matches()
                        ? Optional.of(refused(Long.parseLong(name)))
                        : Optional.empty();
            case FileRemoteCards.DIRECTORY -> ofOthers(name);
            default -> Optional.empty();
        };
    }

    private static RemoteNote team() {
        return ofLines(
                OutboxTeam.MAX_BYTES,
                "which team the mail here is for is not known until this machine joins one",
                line -> Fields.ofLine(line).text(OutboxTeam.NAME));
    }

    private static RemoteNote sent(MessageId message) {
        return new RemoteNote(
                EnvelopeCodec.MAX_FILE_BYTES,
                "it has arrived; message_status tells nothing of it any more",
                (file, content) -> {
                    Envelope envelope = EnvelopeCodec.decode(file, content);
                    if (!envelope.id().equals(message)) {
                        throw new IllegalArgumentException("it holds message " + envelope.id());
                    }
                });
    }

    private static RemoteNote progress(MessageId message) {
        return ofLines(FileSentMail.MAX_BYTES, "how far that message is, is told again with the next change", line -> {
            MessageId told = ProgressFields.read(Fields.ofLine(line).values()).message();
            if (!told.equals(message)) {
                throw new IllegalArgumentException("it is of message " + told);
            }
        });
    }

    private static RemoteNote followed(MessageId message) {
        return ofLines(
                FileFollowed.MAX_BYTES,
                "the sender of that message is told no more how far it is",
                line -> FileFollowed.parsed(message, line));
    }

    private static RemoteNote refused(long number) {
        return ofLines(
                FileRefusedMail.MAX_BYTES,
                "what it was, and why it was no mail, cannot be told any more",
                line -> FileRefusedMail.parsed(number, line));
    }

    private static Optional<RemoteNote> ofOthers(String name) {
        String again = "whoever carries the mail writes it again";
        int most = FileRemoteCards.MAX_BYTES;
        Matcher shelf = FileRemoteCards.SHELF.matcher(name);
        if (shelf.matches()) {
            Shelf of = new Shelf(new HostName(shelf.group(1)), shelf.group(2));
            return Optional.of(ofLines(most, again, line -> FileRemoteCards.card(of, Fields.ofLine(line))));
        }
        return switch (name) {
            case FileRemoteCards.HOSTS ->
                Optional.of(ofLines(most, again, line -> FileRemoteCards.host(Fields.ofLine(line))));
            case FileRemoteCards.LINK ->
                Optional.of(ofLines(most, again, line -> FileRemoteCards.link(Fields.ofLine(line))));
            case FileRemoteCards.BEATS ->
                Optional.of(ofLines(
                        most,
                        again + ", once what it wrote to the hub before has been silent for 15 seconds",
                        line -> Fields.ofLine(line).text("beat")));
            default -> Optional.empty();
        };
    }

    /** How long it is at the most. */
    public int maxBytes() {
        return maxBytes;
    }

    /** What it means that it cannot be read. */
    public String loss() {
        return loss;
    }

    /** What is wrong with its content; empty if nothing is. */
    public Optional<String> flaw(Path file, byte[] content) {
        try {
            form.read(file, content);
            return Optional.empty();
        } catch (CorruptFileException e) {
            return Optional.of(e.what());
        } catch (IllegalArgumentException e) {
            return Optional.of(Why.of(e));
        }
    }
}
