# gradient of black_scholes (lines.py:45) with respect to s, r, sigma
# s: float, k: float, r: float, sigma: float, t: float
def black_scholes_grad(s, k, r, sigma, t):
    sqrt_t = math.sqrt(t)
    root = sigma * sqrt_t
    d1_1 = s / k
    d1 = (math.log(d1_1) + (r + 0.5 * sigma ** 2) * t) / root
    d2 = d1 - root
    result_1 = math.sqrt(2.0)
    result_2 = d1 / result_1
    result_3 = math.exp(-r * t)
    result_4 = d2 / result_1
    # 42: return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))
    result_5_bar = 2 / math.sqrt(math.pi) * math.exp(-result_4 * result_4)
    d2_bar = -0.5 * (k * result_3) * result_5_bar / result_1
    # 49: return s * normal(d1) - k * math.exp(-r * t) * normal(d2)
    r_bar = 0.5 * (1.0 + math.erf(result_4)) * k * result_3 * t
    # 42: return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))
    result_6_bar = 2 / math.sqrt(math.pi) * math.exp(-result_2 * result_2)
    d1_bar = s * 0.5 * result_6_bar / result_1
    # 48: d2 = d1 - root
    root_bar = -d2_bar
    d1_bar += d2_bar
    # 47: d1 = (math.log(s / k) + (r + 0.5 * sigma ** 2) * t) / root
    d1_2_bar = d1_bar / root
    root_bar -= d1_2_bar * d1
    d1_3_bar = d1_2_bar * t
    sigma_bar = d1_3_bar * sigma
    s_bar = 0.5 * (1.0 + math.erf(result_2)) + d1_2_bar / d1_1 / k
    return s_bar, r_bar + d1_3_bar, sigma_bar + root_bar * sqrt_t
