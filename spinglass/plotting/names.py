"""What the losses of a model are called: u alone, u_D and u_G of a GAN, u_1, u_2, .. of any other game."""

from spinglass.models.constructors import LAYERS, gan


def player_names(model):
    """Return one name per player: D and G for the discriminator and the generator of ``sg.gan``, else numbers."""
    if _is_gan(model):
        return ("D", "G")
    return tuple(str(a + 1) for a in range(len(model.losses)))


def energy_names(model):
    """Return the energy of every loss in mathtext.

    Examples
    --------
    >>> import spinglass as sg
    >>> from spinglass.plotting.names import energy_names
    >>> energy_names(sg.pure(3)), energy_names(sg.gan(2, 1, .5, .5))
    (('u',), ('u_D', 'u_G'))
    """
    names = player_names(model)
    return ("u",) if len(names) == 1 else tuple(f"u_{name}" if len(name) == 1 else f"u_{{{name}}}" for name in names)


def _is_gan(model):
    """Tell whether a model equals one that sg.gan makes."""
    if len(model.fractions) != 2 or len(model.fields) != 2 or len(model.losses) != 2:
        return False
    data, generated = (xi.support for xi in model.fields)
    if len(data) != 1 or data[0][1] != 0 or not generated:
        return False
    p, noise = data[0][0], model.losses[1][1]
    q = len(generated) - 1 - p  # all powers of q1 + q2 of one degree
    fits = p >= 2 and q >= 1 and p + q <= LAYERS and noise > 0
    return fits and model == gan(p, q, noise, model.fractions[0])
