"""Problems with hand-written adjoints, and their measurement against s2sdiff, autograd and JAX."""
