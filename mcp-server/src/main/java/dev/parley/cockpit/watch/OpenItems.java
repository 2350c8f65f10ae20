package dev.parley.cockpit.watch;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.cockpit.WorkWords;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.OwedWork;
import dev.parley.overview.ProjectWork;
import dev.parley.overview.Wait;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The open work of one session: what it owes, and what is owed to it. What is overdue comes first, then what somebody does nothing
 * but wait for, then the oldest.
 */
record OpenItems(List<Item> owed, List<Item> awaited) {

    /**
     * A request that is not finished.
     *
     * @param other who is on its other side, by name, safe to show
     * @param since when it was asked
     * @param isAwaited whether who asked does nothing but wait for the answer
     * @param work how far it is; empty if nobody tells
     */
    record Item(String other, MessageId message, Instant since, boolean isAwaited, Optional<OwedWork> work) {}

    /** That of a session, at a moment. */
    static OpenItems of(SessionId session, Situation situation, Instant now) {
        ProjectWork work = situation.work();
        List<OwedWork> items = work.items().stream()
                .map(item -> item.at(now))
                .sorted(OwedWork.MOST_OVERDUE_FIRST)
                .toList();
        Set<RequestId> told = items.stream()
                .flatMap(item -> item.work().request().requestId().stream())
                .collect(Collectors.toSet());
        List<Wait> others = work.waits().stream()
                .filter(wait -> !told.contains(wait.question().requestId()))
                .toList();
        return new OpenItems(
                items(
                        items,
                        item -> item.owner().isHere(session),
                        item -> WorkWords.requester(item, situation.project()),
                        others,
                        wait -> wait.asked().isHere(session),
                        wait -> situation.name(wait.asker())),
                items(
                        items,
                        item -> item.requester().filter(session::equals).isPresent(),
                        item -> PlainText.line(situation.name(item.owner())),
                        others,
                        wait -> wait.asker().equals(session),
                        wait -> situation.name(wait.asked())));
    }

    private static List<Item> items(
            List<OwedWork> all,
            Predicate<OwedWork> isOne,
            Function<OwedWork, String> name,
            List<Wait> others,
            Predicate<Wait> isOther,
            Function<Wait, String> otherName) {
        List<Item> items = new ArrayList<>();
        all.stream()
                .filter(isOne)
                .map(item -> new Item(
                        name.apply(item),
                        item.work().request().id(),
                        item.since(),
                        item.isAwaited(),
                        Optional.of(item)))
                .forEach(items::add);
        others.stream()
                .filter(isOther)
                .map(wait -> new Item(
                        PlainText.line(otherName.apply(wait)),
                        wait.question().messageId(),
                        wait.since(),
                        wait.isAtThisMoment(),
                        Optional.empty()))
                .forEach(items::add);
        items.sort(Comparator.comparing(
                        (Item item) -> item.work().filter(OwedWork::isOverdue).isEmpty())
                .thenComparing(item -> !item.isAwaited()));
        return items;
    }
}
