from s2sdiff import runtime as rt


# vjp of weighted_histogram (places.py:193) with respect to weights
# bins: int64 array[n], weights: float64 array[n], n: int
def weighted_histogram_vjp(bins, weights, n):
    counts = np.zeros(n)
    value, at_pullback = rt.call_by_place((0, 2), np.add.at, counts, bins, weights)

    def weighted_histogram_pullback(result_bar):
        # 196: return np.sum(counts * counts)
        bars = {}
        rt.deposit(bars, counts, 2 * result_bar * counts)
        # 195: np.add.at(counts, bins, weights)
        counts_bar, weights_bar = at_pullback(None, bars)
        return rt.match(rt.taken(bars, weights), weights)

    return np.sum(counts * counts), weighted_histogram_pullback
