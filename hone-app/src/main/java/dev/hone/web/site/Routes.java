package dev.hone.web.site;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.util.URIUtil;

/** All that there is. */
record Routes(List<Route> all) {
    Routes {
        all = List.copyOf(all);
    }

    /** @param parts what stands for the route's segments in braces */
    record Found(Route route, Map<String, String> parts) {}

    /** @throws PageRefusal when there is nothing at the path, or nothing by that method */
    Found find(String method, String path) {
        List<String> segments = segments(path);
        boolean other = false;
        for (Route route : all) {
            Optional<Map<String, String>> parts = route.match(segments);
            if (parts.isPresent() && route.method().equals(method)) {
                return new Found(route, parts.get());
            }
            other |= parts.isPresent();
        }
        if (other) {
            throw new PageRefusal(405, "This address is not for [%s].".formatted(method));
        }
        throw PageRefusal.notFound();
    }

    private static List<String> segments(String path) {
        try {
            return Route.segments(path).stream().map(URIUtil::decodePath).toList();
        } catch (IllegalArgumentException e) {
            throw PageRefusal.notFound();
        }
    }
}
