# gradient of weighted_histogram (places.py:193) with respect to weights
# bins: int64 array[n], weights: float64 array[n], n: int
def weighted_histogram_grad(bins, weights, n):
    counts = np.zeros(n)
    np.add.at(counts, bins, weights)
    # 196: return np.sum(counts * counts)
    counts_bar = 2 * counts
    return counts_bar[bins]
