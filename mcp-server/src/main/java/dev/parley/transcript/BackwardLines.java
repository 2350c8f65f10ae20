package dev.parley.transcript;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;

/**
 * The lines of a file, last first, in constant memory whatever the file's size: it is read backwards in blocks, and a line
 * longer than {@value #LONGEST_LINE} bytes is passed over.
 *
 * <p>Reads the file as it was when it was opened; what is appended meanwhile is not seen.
 */
final class BackwardLines implements AutoCloseable {

    static final int LONGEST_LINE = 2 * 1024 * 1024;
    private static final int BLOCK = 64 * 1024;

    private final SeekableByteChannel channel;
    private final long size;
    private final long most;
    private final Deque<byte[]> ready = new ArrayDeque<>();
    /** The end of the line whose beginning has not been read yet, its pieces in reading order, that is, last piece first. */
    private final Deque<byte[]> pieces = new ArrayDeque<>();

    private int pieceBytes;
    private boolean tooLong;
    private long position;
    private boolean last;
    private int passedOver;

    /**
     * Opens a file.
     *
     * @param most how many bytes are read at the most, rounded up to a block
     */
    BackwardLines(Path file, long most) throws IOException {
        this.most = most;
        channel = Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        size = channel.size();
        position = size;
    }

    /** How many bytes have been looked at. */
    long scanned() {
        return size - position;
    }

    /** How many lines were too long to be read. */
    int passedOver() {
        return passedOver;
    }

    /** Whether everything has been read. */
    boolean atBeginning() {
        return last;
    }

    /** The next line towards the beginning, without its newline; empty at the beginning, or when enough has been read. */
    Optional<byte[]> next() throws IOException {
        while (ready.isEmpty() && !last && (position == 0 || scanned() < most)) {
            if (position == 0) {
                last = true;
                finishLine();
            } else {
                readBlock();
            }
        }
        return Optional.ofNullable(ready.poll());
    }

    private void readBlock() throws IOException {
        int length = (int) Math.min(BLOCK, position);
        position -= length;
        ByteBuffer block = ByteBuffer.allocate(length);
        channel.position(position);
        while (block.hasRemaining() && channel.read(block) >= 0) {
            // A short read: the rest comes with the next one.
        }
        byte[] bytes = block.array();
        int end = block.position();
        for (int i = end - 1; i >= 0; i--) {
            if (bytes[i] == '\n') {
                addPiece(bytes, i + 1, end);
                finishLine();
                end = i;
            }
        }
        addPiece(bytes, 0, end);
    }

    private void addPiece(byte[] bytes, int from, int to) {
        if (to == from) {
            return;
        }
        if (tooLong || pieceBytes + (to - from) > LONGEST_LINE) {
            tooLong = true;
            pieces.clear();
            pieceBytes = 0;
            return;
        }
        pieces.push(java.util.Arrays.copyOfRange(bytes, from, to));
        pieceBytes += to - from;
    }

    private void finishLine() {
        if (tooLong) {
            passedOver++;
        } else if (pieceBytes > 0) {
            ByteArrayOutputStream line = new ByteArrayOutputStream(pieceBytes);
            pieces.forEach(piece -> line.write(piece, 0, piece.length));
            ready.add(line.toByteArray());
        }
        pieces.clear();
        pieceBytes = 0;
        tooLong = false;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
