package dev.parley.client;

/**
 * A client of which nothing is known but what it calls itself.
 *
 * @param name as its sessions' cards have it
 */
record OtherClient(String name) implements Client {

    private static final int MAX_NAME = 60;

    static OtherClient introduced(String introduction) {
        return new OtherClient(introduction.isEmpty() ? "unknown" : plain(introduction));
    }

    /** A text of somebody else's, shortened, and without what a terminal would obey. */
    static String plain(String text) {
        String plain = text.replaceAll("[^A-Za-z0-9._ -]", "?");
        return plain.length() <= MAX_NAME ? plain : plain.substring(0, MAX_NAME);
    }

    @Override
    public boolean isCalled(String introduction) {
        return plain(introduction).equals(name);
    }

    @Override
    public SessionIdSource sessionIds(SessionIdSource.View view) {
        return SessionIdSource.NONE;
    }
}
