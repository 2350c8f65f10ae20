package dev.parley.overview;

import dev.parley.overview.Threads.Placed;
import java.io.IOException;
import java.util.List;

/**
 * Some messages of a correspondence, as they were found at one moment. Holds which they are, and few of their texts: a text is read
 * when it is given away, and read again when it is given away again. A message that is forgotten meanwhile is left out. Belongs to
 * one thread.
 */
public interface Excerpt {

    /** Takes one message after the other, each in its place. */
    interface PlacedReader {
        /** Takes the next. */
        void read(Placed placed) throws IOException;
    }

    /** How many they are. */
    int size();

    /** The newest of them, so many at the most. */
    Excerpt newest(int count);

    /**
     * Gives them to a reader in the order of sending.
     *
     * @return what may be missing
     * @throws IOException of the reader
     */
    List<Unreadable> read(Correspondence.Reader reader) throws IOException;

    /**
     * Gives them to a reader as a person reads them: each answer under its question.
     *
     * @return what may be missing
     * @throws IOException of the reader
     */
    List<Unreadable> readThreads(PlacedReader reader) throws IOException;
}
