from s2sdiff import runtime as rt


# gradient of cumulative (places.py:103) with respect to rates, first
# rates: float64 array[n], first: float
def cumulative_grad(rates, first):
    table = np.empty(len(rates) + 1)
    table[0] = first
    len_rates = len(rates)
    saved = []
    for i in range(len_rates):
        table_i = table[i]
        table_1 = 1.0 + rates[i]
        saved.append((i, table_i, table_1))
        table[i + 1] = table_i * table_1
    # 108: return np.sum(table)
    table_bar = np.full(table.shape, 1.0)
    rates_bar = rt.zeros(rates)
    for i, table_i, table_1 in reversed(saved):
        # 107: table[i + 1] = table[i] * (1.0 + rates[i])
        table_2_bar = table_bar[i + 1]
        table_bar[i + 1] = 0.0
        table_i_bar = table_2_bar * table_1
        rates_bar[i] += table_2_bar * table_i
        table_bar[i] += table_i_bar
    # 105: table[0] = first
    first_bar = table_bar[0]
    return rates_bar, float(first_bar)
