"""Layers, losses and optimisers, in plain Python on the public interface of s2sdiff.

>>> import numpy as np, s2sdiff as sd
>>> from s2sdiff import nn
>>> layer = nn.Dense(2, 1, generator=np.random.default_rng(0))
>>> def loss(layer, x, y):
...     return nn.mean_squared_error(layer(x), y)
>>> x, y = np.ones((4, 2), np.float32), np.ones((4, 1), np.float32)
>>> gradient = sd.grad(loss)(layer, x, y)
>>> layer = nn.SGD(0.1).update(layer, along=gradient)
>>> layer.weight.shape, layer.weight.dtype
((2, 1), dtype('float32'))
"""

from s2sdiff.nn.activations import (
    elu,
    gelu,
    identity,
    leaky_relu,
    log_softmax,
    mish,
    relu,
    relu6,
    selu,
    sigmoid,
    softmax,
    softplus,
    softsign,
    swish,
    tanh,
)
from s2sdiff.nn.attention import MultiHeadAttention, dot_product_attention
from s2sdiff.nn.clipping import clip_by_global_norm, clip_by_value, global_norm
from s2sdiff.nn.convolution import Conv2D, conv2d
from s2sdiff.nn.dense import Dense, Dropout, Embedding, dropout
from s2sdiff.nn.initialisers import (
    glorot_normal,
    glorot_uniform,
    he_normal,
    he_uniform,
    normal,
    ones,
    orthogonal,
    zeros,
)
from s2sdiff.nn.layer import ActivationDiscarding, Layer, Sequential, sequenced
from s2sdiff.nn.losses import (
    huber_loss,
    kullback_leibler_of_normals,
    mean_absolute_error,
    mean_squared_error,
    sigmoid_cross_entropy,
    softmax_cross_entropy,
    softmax_cross_entropy_of_probabilities,
)
from s2sdiff.nn.normalisation import BatchNorm, LayerNorm
from s2sdiff.nn.optimisers import SGD, Adam, AdamW, Optimiser, RMSProp
from s2sdiff.nn.phases import inference, training
from s2sdiff.nn.pooling import (
    AvgPool2D,
    Flatten,
    GlobalAvgPool2D,
    MaxPool2D,
    avg_pool2d,
    max_pool2d,
)
from s2sdiff.nn.recurrent import GRUCell, LSTMCell, Recurrent, RNNCell
from s2sdiff.nn.saving import load, save
from s2sdiff.nn.schedules import (
    cosine_decay,
    exponential_decay,
    inverse_square_root,
    linear_decay,
    piecewise_constant,
    warmed_up,
)

__all__ = [
    "ActivationDiscarding", "Adam", "AdamW", "AvgPool2D", "BatchNorm", "Conv2D", "Dense", "Dropout",
    "Embedding", "Flatten", "GRUCell", "GlobalAvgPool2D", "LSTMCell", "Layer", "LayerNorm",
    "MaxPool2D", "MultiHeadAttention", "Optimiser", "RMSProp", "RNNCell", "Recurrent", "SGD",
    "Sequential", "avg_pool2d", "clip_by_global_norm", "clip_by_value", "conv2d", "cosine_decay",
    "dot_product_attention", "dropout", "elu", "exponential_decay", "gelu", "global_norm",
    "glorot_normal", "glorot_uniform", "he_normal", "he_uniform", "huber_loss", "identity",
    "inference", "inverse_square_root", "kullback_leibler_of_normals", "leaky_relu", "linear_decay",
    "load", "log_softmax", "max_pool2d", "mean_absolute_error", "mean_squared_error", "mish",
    "normal", "ones", "orthogonal", "piecewise_constant", "relu", "relu6", "save", "selu",
    "sequenced", "sigmoid", "sigmoid_cross_entropy", "softmax", "softmax_cross_entropy",
    "softmax_cross_entropy_of_probabilities", "softplus", "softsign", "swish", "tanh", "training",
    "warmed_up", "zeros",
]
