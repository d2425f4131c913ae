package tillstream.behaviour;

import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.api.dataview.MapView;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.Row;

/**
 * The SQL function {@code bounded_terms}: names the searches of a day and device. The first {@link #PLACES} different terms keep their own name, the
 * rest are OTHER. A term keeps its name all day, so the searches of all names add up to all searches.
 *
 * <p>Each name is a key in Redis. A robot that searches for a million words would fill Redis, which then takes no more writes, and all dashboards would
 * stand still. Three devices and two days have at most 30,000 names: 8 MB of Redis for ordinary terms, 60 MB if all have the maximum length. The shop
 * has 2,378 kinds of products to search for.
 *
 * <p>Input columns: search_terms, result_count.
 */
public final class Terms extends ProcessTableFunction<Terms.Search> {
    private static final long serialVersionUID = 1L;
    /** The most names per day and device. */
    private static final int PLACES = 5_000;
    /** A longer term, in UTF-16 units, has no name. */
    private static final int LONGEST = 200;
    private static final String OTHER = "OTHER";

    /** How many names are used. */
    public static class Places {
        public int taken;
    }

    /** A search with the name under which it is counted. */
    public static class Search {
        public String name;
        public boolean without_result;
    }

    public void eval(
            @StateHint(name = "places") Places places,
            @StateHint(name = "named") MapView<String, Boolean> named,
            @ArgumentHint(name = "asked", value = {ArgumentTrait.SET_SEMANTIC_TABLE}) Row asked) throws Exception {
        String terms = asked.getFieldAs("search_terms");
        Number results = asked.getFieldAs("result_count");
        Search counted = new Search();
        counted.name = hasName(places, named, terms) ? terms : OTHER;
        counted.without_result = results != null && results.longValue() == 0;
        collect(counted);
    }

    private static boolean hasName(Places places, MapView<String, Boolean> named, String terms) throws Exception {
        if (terms.length() > LONGEST) { return false; }
        if (named.contains(terms)) { return true; }
        if (places.taken >= PLACES) { return false; }
        named.put(terms, true);
        places.taken++;
        return true;
    }
}
