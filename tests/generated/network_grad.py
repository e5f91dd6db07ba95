from s2sdiff import runtime as rt


# gradient of network (objects.py:100) with respect to parameters
# parameters: dict, x: float64 array[n, n], y: float64 array[n, n]
def network_grad(parameters, x, y):
    h = np.tanh(x @ parameters['w1'] + parameters['b1'])
    parameters_w2 = parameters['w2']
    error = h @ parameters_w2 + parameters['b2'] - y
    # 103: return np.mean(error * error)
    error_bar = 2.0 / max(error.size, 1) * error
    # 102: error = h @ parameters["w2"] + parameters["b2"] - y
    parameters_b2_bar = error_bar.sum(axis=0)
    h_bar = error_bar @ parameters_w2.T
    parameters_w2_bar = h.T @ error_bar
    # 101: h = np.tanh(x @ parameters["w1"] + parameters["b1"])
    h_1_bar = h_bar * (1 - h ** 2)
    parameters_b1_bar = h_1_bar.sum(axis=0)
    parameters_w1_bar = x.T @ h_1_bar
    parts = {
        'w1': parameters_w1_bar, 'b1': parameters_b1_bar, 'w2': parameters_w2_bar,
        'b2': parameters_b2_bar
    }
    return rt.gradient(parts, parameters)
