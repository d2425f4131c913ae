package tillstream.behaviour;

import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.ArgumentTrait;
import org.apache.flink.table.annotation.StateHint;
import org.apache.flink.table.api.dataview.MapView;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.types.Row;

/**
 * The SQL function {@code bounded_terms}: what is searched for on a day with a device, under its own name for the first {@link #PLACES} terms of
 * them and as OTHER for the rest. A term that has a name keeps it all day, so that the searches of all names are all searches.
 *
 * <p>Each name is a key of Redis, which takes no more when it is full, and all dashboards stand still: a robot that searches for a million words
 * would see to it. Three devices of two days have 30,000 names at most: 8 MB of Redis where terms are ordinary, 60 MB where each is as long as it
 * may be. The shop has 2,378 kinds of products to search for.
 *
 * <p>Input columns: search_terms, result_count.
 */
public final class Terms extends ProcessTableFunction<Terms.Search> {
    private static final long serialVersionUID = 1L;
    /** Names a day and device. */
    private static final int PLACES = 5_000;
    /** A longer term, in UTF-16 units, has no name. */
    private static final int LONGEST = 200;
    private static final String OTHER = "OTHER";

    /** How many names are given. */
    public static class Places {
        public int taken;
    }

    /** A search under the name by which it is counted. */
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
