package dev.hone.record;

import java.util.List;

/** Immutable weights that generate. */
public interface Snapshot extends AutoCloseable {

    /** Optimiser steps that these weights have seen: the policy version of every sample. */
    long version();

    /**
     * Generates for all requests together, in a batch that refills as rows end.
     *
     * @return for each request its samples, in order
     */
    List<List<Sample>> sample(List<SampleRequest> requests, SampleListener listener);

    /** As {@link #sample(List, SampleListener)}, silently. */
    default List<List<Sample>> sample(List<SampleRequest> requests) {
        return sample(requests, (request, index, token) -> {});
    }

    /** What drawing tokens has taken so far. */
    DecodeTime decodeTime();

    @Override
    void close();

    /** Hears every token as it is generated. */
    @FunctionalInterface
    interface SampleListener {
        /**
         * Called once a token.
         *
         * @param request position of the request in the list
         * @param index which of the request's samples
         * @param token id of the token
         */
        void onToken(int request, int index, int token);
    }
}
