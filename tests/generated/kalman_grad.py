from s2sdiff import runtime as rt
import operator


# gradient of kalman (objects.py:44) with respect to start, drift, noise
# start: float, drift: float, noise: float, measured: list
def kalman_grad(start, drift, noise, measured):
    tracked, Filter_pullback = rt.call_by_place((0,), Filter, start, 1.0)
    range_1, indices_pullback = rt.call_by_place((0,), rt.indices, measured)
    saved = []
    for i in range_1:
        z, getitem_pullback = rt.call_by_place((0, 1), operator.getitem, measured, i)
        value_1, value_pullback = rt.method_by_place((0, 1), 'predict', tracked, drift, 0.1)
        value_2, value_3_pullback = rt.method_by_place((0, 1, 2), 'update', tracked, z, noise)
        saved.append((getitem_pullback, value_pullback, value_3_pullback))
    tracked_mean, tracked_mean_pullback = rt.attribute_by_place((0,), 'mean', tracked)
    tracked_mean_1, tracked_mean_1_pullback = rt.attribute_by_place((0,), 'mean', tracked)
    result_1, mul_pullback = rt.call_by_place((0, 1), operator.mul, tracked_mean, tracked_mean_1)
    rt.scalar_result(result_1)
    # 49: return tracked.mean * tracked.mean
    bars = {}
    result_1_bar = rt.deposit(bars, result_1, 1.0)
    tracked_mean_bar, tracked_mean_1_bar = mul_pullback(result_1_bar, bars)
    tracked_bar = tracked_mean_1_pullback(tracked_mean_1_bar, bars)
    tracked_bar = tracked_mean_pullback(tracked_mean_bar, bars)
    noise_bar, drift_bar = 0.0, 0.0
    for getitem_pullback, value_pullback, value_3_pullback in reversed(saved):
        # 48: tracked.update(z, noise)
        tracked_bar, z_bar, noise_1_bar = value_3_pullback(None, bars)
        noise_bar += noise_1_bar
        # 47: tracked.predict(drift, 0.1)
        tracked_bar, drift_1_bar = value_pullback(None, bars)
        drift_bar += drift_1_bar
        # 46: for z in measured:
        measured_bar, i_bar = getitem_pullback(z_bar, bars)
    measured_bar = indices_pullback(None, bars)
    return Filter_pullback(None, bars), drift_bar, noise_bar
