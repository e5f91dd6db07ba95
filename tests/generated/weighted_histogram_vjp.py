# vjp of weighted_histogram (places.py:193) with respect to weights
# bins: int64 array[n], weights: float64 array[n], n: int
def weighted_histogram_vjp(bins, weights, n):
    counts = np.zeros(n)
    np.add.at(counts, bins, weights)

    def weighted_histogram_pullback(result_bar):
        return (2 * result_bar * counts)[bins]

    return np.sum(counts * counts), weighted_histogram_pullback
