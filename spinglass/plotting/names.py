"""What the losses of a model are called: u alone, u_D and u_G of a GAN, u_1, u_2, .. of any other game."""

from spinglass.models.constructors import is_gan


def player_names(model):
    """Return one name per player: D and G for the discriminator and the generator of ``sg.gan``, else numbers."""
    if is_gan(model):
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
