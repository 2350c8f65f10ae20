package dev.parley.office;

import dev.parley.ledger.Retention;
import dev.parley.trace.Trace;
import dev.parley.trace.UnavailableException;
import java.io.IOException;

/** An engine of post offices. Found by {@link java.util.ServiceLoader}, by the scheme of an office's address. */
public interface PostOfficeProvider {

    /**
     * How an office is opened.
     *
     * @param address where it is: for the scheme {@code file} an absolute path, for any other what follows {@code scheme:}
     * @param survivesPowerCut whether what is acknowledged survives a power cut, or only the end of processes
     * @param retention how much a session's ledger keeps
     */
    record Opening(String address, boolean survivesPowerCut, Retention retention) {}

    /** What an address of its kind begins with, without the colon: {@code [a-z][a-z0-9+.-]*}. */
    String scheme();

    /**
     * Opens an office, making it if it is absent.
     *
     * @throws UnavailableException if it cannot be used; nothing has been written then
     */
    PostOffice open(Opening opening, Trace trace) throws IOException;
}
