package dev.parley.store.remote;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.mailbox.Envelope;
import dev.parley.remote.Progress;
import dev.parley.remote.SentMail;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.FlatJson;
import dev.parley.store.Store;
import dev.parley.store.mailbox.EnvelopeCodec;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@link SentMail} in the file store: {@code sent/<message id>,to=<host>}, the file that lay in the outbox, and beside it
 * {@code <message id>,progress}; see {@code docs/FORMAT.md}.
 */
final class FileSentMail implements SentMail {

    static final String DIRECTORY = "sent";

    /** Ends the name of what was told of a message. */
    static final String PROGRESS = ",progress";

    static final Pattern LEFT = Pattern.compile("(m-[0-9a-z]{16}),to=(.+)");
    static final int MAX_BYTES = 16_384;
    private static final long BEGUN_MILLIS = 600_000;

    private final Disk disk;
    private final FileOutbox outbox;
    private final SmallFiles files;

    FileSentMail(Store store, FileOutbox outbox) {
        this.disk = store.disk();
        this.outbox = outbox;
        this.files = new SmallFiles(store, DIRECTORY);
    }

    /** The name under which a message is kept once it has left. */
    static String name(MessageId message, HostName host) {
        return message + ",to=" + host;
    }

    private static String progressName(MessageId message) {
        return message + PROGRESS;
    }

    @Override
    public Optional<Sent> find(MessageId messageId) throws IOException {
        // In this order: a message goes from the outbox to here, and never back.
        Optional<FileOutbox.Lying> lying = outbox.find(messageId);
        if (lying.isPresent()) {
            return Optional.of(new Sent(
                    lying.get().host(), lying.get().envelope(), lying.get().isSettled(), progress(messageId)));
        }
        for (String name : files.names()) {
            Matcher matcher = LEFT.matcher(name);
            if (matcher.matches() && matcher.group(1).equals(messageId.value()) && HostName.isValid(matcher.group(2))) {
                Optional<Envelope> envelope = envelope(files.path(name));
                if (envelope.isPresent()) {
                    return Optional.of(
                            new Sent(new HostName(matcher.group(2)), envelope.get(), true, progress(messageId)));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Envelope> envelope(Path file) throws IOException {
        try {
            return Optional.of(EnvelopeCodec.decode(file, disk.readFile(file, EnvelopeCodec.MAX_FILE_BYTES)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (CorruptFileException e) {
            files.unreadable(file, e.toString());
            return Optional.empty();
        }
    }

    private Optional<Progress> progress(MessageId message) throws IOException {
        Optional<String> lines = files.read(progressName(message), MAX_BYTES);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ProgressFields.read(Fields.ofLine(lines.get()).values()));
        } catch (IllegalArgumentException e) {
            files.unreadable(files.path(progressName(message)), e.toString());
            return Optional.empty();
        }
    }

    @Override
    public boolean learn(HostName host, Progress progress) throws IOException {
        Optional<Progress> known = progress(progress.message());
        if (!wasSentTo(host, progress.message())
                || known.filter(progress::isNoNewsAfter).isPresent()) {
            return false;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("v", 1);
        ProgressFields.put(fields, progress);
        files.replace(progressName(progress.message()), FlatJson.write(fields) + "\n");
        return true;
    }

    private boolean wasSentTo(HostName host, MessageId message) throws IOException {
        return !disk.isAbsent(files.path(name(message, host)))
                || outbox.find(message).filter(it -> it.host().equals(host)).isPresent()
                // It may have left between the two looks.
                || !disk.isAbsent(files.path(name(message, host)));
    }

    private record Left(String name, MessageId message, long modified) {}

    @Override
    public int prune() throws IOException {
        files.removeBegun(BEGUN_MILLIS);
        List<Left> left = new ArrayList<>();
        for (String name : files.names()) {
            Matcher matcher = LEFT.matcher(name);
            if (matcher.matches()) {
                left.add(new Left(
                        name,
                        new MessageId(matcher.group(1)),
                        disk.modifiedMillis(files.path(name)).orElse(0L)));
            }
        }
        int pruned = 0;
        if (left.size() > KEPT + KEPT / 10) {
            left.sort(Comparator.comparingLong(Left::modified).thenComparing(Left::name));
            for (Left each : left.subList(0, left.size() - KEPT)) {
                files.remove(progressName(each.message()));
                files.remove(each.name());
                pruned++;
            }
        }
        return pruned;
    }
}
