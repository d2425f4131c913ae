package tillstream.behaviour;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.table.api.dataview.MapView;
import org.apache.flink.table.functions.AggregateFunction;

/** The SQL function {@code favourites}: the three departments with the highest spending, highest first, separated by commas. Amounts are in cents. */
public final class Favourites extends AggregateFunction<String, Favourites.Spent> {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 3;

    /** Cents by department. */
    public static class Spent {
        public MapView<String, Long> cents = new MapView<>();
    }

    @Override public Spent createAccumulator() { return new Spent(); }

    public void accumulate(Spent spent, String department, Long cents) throws Exception {
        if (department != null && cents != null) { add(spent, department, cents); }
    }

    public void merge(Spent spent, Iterable<Spent> others) throws Exception {
        for (Spent other : others) {
            for (Map.Entry<String, Long> entry : other.cents.entries()) { add(spent, entry.getKey(), entry.getValue()); }
        }
    }

    private static void add(Spent spent, String department, long cents) throws Exception {
        Long before = spent.cents.get(department);
        spent.cents.put(department, (before == null ? 0 : before) + cents);
    }

    @Override
    public String getValue(Spent spent) {
        List<Map.Entry<String, Long>> totals = new ArrayList<>();
        try {
            spent.cents.entries().forEach(entry -> totals.add(Map.entry(entry.getKey(), entry.getValue())));
        } catch (Exception e) {
            throw new IllegalStateException("the state of favourites cannot be read", e);
        }
        return totals.stream()
                .filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
    }
}
