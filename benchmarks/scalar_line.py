"""Straight-line code on Python floats: the Black-Scholes price of a call option.

The normal distribution is its approximation by a tanh of a cubic, which `math` can compute.
"""

import math

from benchmarks.problem import Problem, peer, under_jit


def primal(spot, strike, rate, volatility, time):
    root = math.sqrt(time)
    spread = volatility * root
    d1 = (math.log(spot / strike) + (rate + 0.5 * volatility * volatility) * time) / spread
    d2 = d1 - spread
    discounted = strike * math.exp(-rate * time)
    cdf1 = 0.5 * (1.0 + math.tanh(0.7978845608 * (d1 + 0.044715 * d1 * d1 * d1)))
    cdf2 = 0.5 * (1.0 + math.tanh(0.7978845608 * (d2 + 0.044715 * d2 * d2 * d2)))
    return spot * cdf1 - discounted * cdf2


def hand(spot, strike, rate, volatility, time):
    root = math.sqrt(time)
    spread = volatility * root
    drift = rate + 0.5 * volatility * volatility
    d1 = (math.log(spot / strike) + drift * time) / spread
    d2 = d1 - spread
    discount = math.exp(-rate * time)
    discounted = strike * discount
    tanh1 = math.tanh(0.7978845608 * (d1 + 0.044715 * d1 * d1 * d1))
    tanh2 = math.tanh(0.7978845608 * (d2 + 0.044715 * d2 * d2 * d2))
    d2_bar = -0.3989422804 * discounted * (1.0 - tanh2 * tanh2) * (1.0 + 0.134145 * d2 * d2)
    d1_bar = 0.3989422804 * spot * (1.0 - tanh1 * tanh1) * (1.0 + 0.134145 * d1 * d1) + d2_bar
    discounted_bar = -0.5 * (1.0 + tanh2)
    inner_bar = d1_bar / spread
    spread_bar = -d2_bar - inner_bar * d1
    drift_bar = inner_bar * time
    root_bar = spread_bar * volatility
    spot_bar = 0.5 * (1.0 + tanh1) + inner_bar / spot
    strike_bar = discounted_bar * discount - inner_bar / strike
    rate_bar = drift_bar - discounted_bar * discounted * time
    volatility_bar = spread_bar * root + drift_bar * volatility
    time_bar = inner_bar * drift - discounted_bar * discounted * rate + 0.5 * root_bar / root
    return spot_bar, strike_bar, rate_bar, volatility_bar, time_bar


def inputs(size):
    return 101.0, 95.0, 0.02, 0.3, 1.5


PROBLEM = Problem(
    "scalar line", primal, hand, inputs, (1,), (0, 1, 2, 3, 4), peer(primal),
    under_jit(peer(primal)),
)
