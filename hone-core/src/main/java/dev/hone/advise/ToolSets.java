package dev.hone.advise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls by the tools that they offer. Calls that share a tool by its name belong together, also through others. Such a part is settled where
 * one set of names comes in enough calls, or each tool in half as many on average: what offers other tools each time is no job by its tools.
 */
final class ToolSets {
    private ToolSets() {}

    /**
     * What there is.
     *
     * @param settled parts, the first call's first
     * @param other calls of no such part; those that offer nothing among them
     */
    record Parts(List<List<SampledCall>> settled, List<SampledCall> other) {}

    static Parts of(List<SampledCall> calls, int least) {
        Map<String, String> above = new HashMap<>();
        for (SampledCall call : calls) {
            List<String> tools = call.said().tools();
            for (String tool : tools) {
                above.put(root(above, tool), root(above, tools.getFirst()));
            }
        }
        Map<String, List<SampledCall>> parts = new LinkedHashMap<>();
        List<SampledCall> other = new ArrayList<>();
        for (SampledCall call : calls) {
            List<String> tools = call.said().tools();
            if (tools.isEmpty()) {
                other.add(call);
            } else {
                parts.computeIfAbsent(root(above, tools.getFirst()), key -> new ArrayList<>())
                        .add(call);
            }
        }
        List<List<SampledCall>> settled = new ArrayList<>();
        for (List<SampledCall> part : parts.values()) {
            if (part.size() >= least && isSettled(part, least)) {
                settled.add(part);
            } else {
                other.addAll(part);
            }
        }
        return new Parts(settled, other);
    }

    private static boolean isSettled(List<SampledCall> part, int least) {
        Map<List<String>, Integer> sets = new HashMap<>();
        Map<String, Integer> tools = new HashMap<>();
        long offered = 0;
        for (SampledCall call : part) {
            sets.merge(call.said().tools(), 1, Integer::sum);
            for (String tool : call.said().tools()) {
                tools.merge(tool, 1, Integer::sum);
                offered++;
            }
        }
        return sets.values().stream().anyMatch(count -> count >= least) || 2.0 * offered / tools.size() >= least;
    }

    private static String root(Map<String, String> above, String name) {
        String root = name;
        while (!above.getOrDefault(root, root).equals(root)) {
            root = above.getOrDefault(root, root);
        }
        above.put(name, root);
        return root;
    }
}
