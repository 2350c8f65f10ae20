package dev.parley.store;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What lies in a session's directory: all kinds of files, and what becomes of them. Whoever makes, moves, checks or removes a
 * session's files goes by this list, so a new kind is one line here. The hook has the same names.
 */
public enum Part {
    /** Its card. */
    CARD("session.json", Form.FILE),
    /** What its hooks have seen that is needed to go on with it. */
    BINDING("binding", Form.FILE),
    /** What it does: {@code busy}, {@code idle} and so on; the modification time says since when. */
    ACTIVITY("activity", Form.FILE),
    /** Touched after every delivery. */
    DOORBELL("doorbell", Form.FILE),
    /** That its model has not been told yet that Parley is here. */
    GREETING("greeting", Form.FILE),
    /** The id that has its mail now. */
    MOVED_TO("moved_to", Form.FILE),
    /** How often in a row the Stop hook has kept the turn going. */
    STOPS("stops", Form.FILE),
    /** What supervisors did for it. */
    SUPERVISED("supervised", Form.FILE),
    /** The turn that the last prompt began. */
    TURN("turn", Form.FILE),
    /** When it was woken, and by whom. */
    WAKES("wakes", Form.FILE),
    /** What was done to resume it for requests. */
    RESUMES("resumes", Form.FILE),
    /** The ids whose mail was moved here. */
    MOVED_FROM("moved_from", Form.DIRECTORY),
    /** Its mail; parents stand before what is in them. */
    MAILBOX("mailbox", Form.MADE_DIRECTORY),
    /** What is being written. */
    TMP("mailbox/tmp", Form.MADE_DIRECTORY),
    /** What waits. */
    NEW("mailbox/new", Form.MADE_DIRECTORY, Moving.MESSAGES),
    /** What is handed over and not proven shown. */
    CUR("mailbox/cur", Form.MADE_DIRECTORY, Moving.CLAIMS),
    /** What is proven shown. */
    SHOWN("mailbox/shown", Form.MADE_DIRECTORY, Moving.CLAIMS),
    /** Messages that cannot be read. */
    CORRUPT("mailbox/corrupt", Form.DIRECTORY),
    /** Its open questions, and who waits for an answer. */
    ASKS("asks", Form.MADE_DIRECTORY, Moving.REQUESTS),
    /** What it has received. */
    LEDGER("ledger", Form.MADE_DIRECTORY, Moving.RECORDS);

    private static final String OF_MAILBOX = "mailbox/";

    private enum Form {
        FILE,
        DIRECTORY,
        /** Made when the session is. */
        MADE_DIRECTORY
    }

    /** What of a directory goes along when the session gets another id: files whose names are of this kind. */
    public enum Moving {
        /** Nothing. */
        NONE,
        /** Waiting messages. */
        MESSAGES,
        /** Messages in the hands of one taker. */
        CLAIMS,
        /** Whatever is named after a request. */
        REQUESTS,
        /** Whatever is named after a message. */
        RECORDS
    }

    private final String path;
    private final Form form;
    private final Moving moving;

    Part(String path, Form form) {
        this(path, form, Moving.NONE);
    }

    Part(String path, Form form, Moving moving) {
        this.path = path;
        this.form = form;
        this.moving = moving;
    }

    /** Where it lies in a session's directory. */
    public Path in(Path session) {
        return session.resolve(path);
    }

    /** Its name in the directory it lies in. */
    public String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Whether it is a directory. */
    public boolean isDirectory() {
        return form != Form.FILE;
    }

    /** Whether it lies in the mailbox, and not beside it. */
    public boolean isOfMailbox() {
        return path.startsWith(OF_MAILBOX);
    }

    /** What of it goes along when the session gets another id. */
    public Moving moving() {
        return moving;
    }

    /** The directories that are made with a session, parents first. */
    public static List<Part> made() {
        return Arrays.stream(values())
                .filter(part -> part.form == Form.MADE_DIRECTORY)
                .toList();
    }
}
