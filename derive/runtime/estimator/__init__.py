"""scikit-learn estimators of generated modules. Needs scikit-learn: ``pip install derive-em[sklearn]``."""
