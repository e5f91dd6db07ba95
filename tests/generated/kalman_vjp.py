# vjp of kalman (objects.py:44) with respect to start, drift, noise
# start: float, drift: float, noise: float, measured: list
def kalman_vjp(start, drift, noise, measured):
    tracked_variance = 1.0
    saved = []
    for z in measured:
        mean = start + drift
        variance = tracked_variance + 0.1
        gain_1 = variance + noise
        gain = variance / gain_1
        mean_1 = z - mean
        start = mean + gain * mean_1
        variance_1 = 1.0 - gain
        saved.append((variance, gain_1, gain, mean_1, variance_1))
        tracked_variance = variance_1 * variance

    def kalman_pullback(result_bar):
        # 49: return tracked.mean * tracked.mean
        tracked_mean_bar = 2 * (result_bar * start)
        tracked_variance_bar, noise_bar, drift_bar = 0.0, 0.0, 0.0
        for variance, gain_1, gain, mean_1, variance_1 in reversed(saved):
            # 41: self.variance = (1.0 - gain) * self.variance
            variance_bar = tracked_variance_bar * variance
            # 40: self.mean = self.mean + gain * (measured - self.mean)
            gain_bar = tracked_mean_bar * mean_1 - variance_bar
            tracked_mean_bar -= tracked_mean_bar * gain
            # 39: gain = self.variance / (self.variance + noise)
            scaled = gain_bar / gain_1
            gain_1_bar = -(scaled * gain)
            tracked_variance_bar = tracked_variance_bar * variance_1 + scaled
            tracked_variance_bar += gain_1_bar
            noise_bar += gain_1_bar
            # 35: self.mean = self.mean + drift
            drift_bar += tracked_mean_bar
        return tracked_mean_bar, drift_bar, noise_bar

    return start * start, kalman_pullback
