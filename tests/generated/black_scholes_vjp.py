# vjp of black_scholes (lines.py:45) with respect to s, r, sigma
# s: float, k: float, r: float, sigma: float, t: float
def black_scholes_vjp(s, k, r, sigma, t):
    sqrt_t = math.sqrt(t)
    root = sigma * sqrt_t
    d1_1 = s / k
    d1 = (math.log(d1_1) + (r + 0.5 * sigma ** 2) * t) / root
    d2 = d1 - root
    result_1 = math.sqrt(2.0)
    result_2 = d1 / result_1
    result_3 = 0.5 * (1.0 + math.erf(result_2))
    result_4 = math.exp(-r * t)
    result_5 = k * result_4
    result_6 = d2 / result_1
    result_7 = 0.5 * (1.0 + math.erf(result_6))

    def black_scholes_pullback(result_bar):
        # 42: return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))
        result_8_bar = 2 / math.sqrt(math.pi)
        result_9_bar = result_8_bar * math.exp(-result_6 * result_6)
        d2_bar = -0.5 * result_bar * result_5 * result_9_bar / result_1
        # 49: return s * normal(d1) - k * math.exp(-r * t) * normal(d2)
        r_bar = result_bar * result_7 * k * result_4 * t
        s_bar = result_bar * result_3
        # 42: return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))
        result_10_bar = 2 / math.sqrt(math.pi) * math.exp(-result_2 * result_2)
        d1_bar = result_bar * s * 0.5 * result_10_bar / result_1
        # 48: d2 = d1 - root
        root_bar = -d2_bar
        d1_bar += d2_bar
        # 47: d1 = (math.log(s / k) + (r + 0.5 * sigma ** 2) * t) / root
        d1_2_bar = d1_bar / root
        root_bar -= d1_2_bar * d1
        d1_3_bar = d1_2_bar * t
        sigma_bar = d1_3_bar * sigma
        s_bar += d1_2_bar / d1_1 / k
        return s_bar, r_bar + d1_3_bar, sigma_bar + root_bar * sqrt_t

    return s * result_3 - result_5 * result_7, black_scholes_pullback
