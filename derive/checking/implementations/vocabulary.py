"""What people call things in code: functions, data, responsibilities, and parameters by the letters of the model."""

import re
from collections.abc import Iterable

from derive.checking.submitted.problem import Setting

E_STEP, M_STEP, EM_STEP = "e_step", "m_step", "em_step"
ROLES = (E_STEP, M_STEP, EM_STEP)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FUNCTIONS = {
    E_STEP: _words(
        """estep expectation expectationstep computeresponsibilities responsibilities calcresponsibilities
        getresponsibilities calculateresponsibilities updateresponsibilities computeposterior computeposteriors
        posterior posteriors posteriorprobabilities estepgmm gmmestep doestep runestep performestep computegamma
        updategamma expect e responsibility predictproba computeexpectation"""
    ),
    M_STEP: _words(
        """mstep maximization maximisation maximizationstep maximisationstep updateparameters updateparams maximize
        maximise update estimateparameters computeparameters mstepgmm gmmmstep domstep runmstep performmstep m
        updatetheta parametersupdate computemaximization reestimate"""
    ),
    EM_STEP: _words(
        """emstep emiteration emupdate oneemstep singleemstep emiter step iterate iteration oneiteration emonestep
        emonce doemstep runemstep singlestep onestep expectationmaximizationstep em"""
    ),
}
DATA, GAMMA = "X", "responsibilities"
_DATA = _words("x data points samples obs observations xs dataset features y values d")
_GAMMA = _words(
    """gamma gammas responsibilities responsibility resp resps r rnk rik z w tau h q posterior posteriors probs
    assignments p pz qz weights membership memberships expectations gam g znk wik likelihoods zeta xi"""
)
_COUNTED = {"k": "K", "ncomponents": "K", "nclusters": "K", "numcomponents": "K", "numclusters": "K", "ncomp": "K"}
_COUNTED |= {"components": "K", "clusters": "K", "kcomponents": "K", "m": "K", "c": "K", "g": "K", "ngaussians": "K"}
_COUNTED |= {"n": "N", "nsamples": "N", "numsamples": "N", "npoints": "N", "d": "D", "dim": "D", "ndim": "D"}
_COUNTED |= {"nfeatures": "D", "dims": "D", "dimension": "D", "ndims": "D"}
BUNDLES = frozenset(
    _words(
        """params parameters theta thetas model state args prev previous old p par current start init guess
        modelparameters gmm mixture thetaold thetaprev estimates values"""
    )
)
#: words for one kind of parameter; a family belongs to the group that has its name or its code
_GROUPS = (
    "mu mus mean means m centers centres centroids loc locs location locations center muk directions mux avg avgs",
    """sigma sigmas cov covs covar covars covariance covariances s c covmatrices covariancematrices covmats sigma2
    sigma2s sigmasq sigmasquared var vars variance variances v s2 sig sigs varis covmat covariancematrix scatter sds
    stds std scales scale sigma2k q""",
    """pi pis weights weight alpha alphas phi phis prior priors mixing mixingcoefficients mixingcoeffs mixingweights
    mixcoef coeffs coefficients w omega omegas tau taus mixingproportions proportions mixture mixtureweights lambda lam
    psi eta clusterweights clusterpriors probs probabilities p mix rho mixingcoef mixcoefs""",
    "lam lambda lambdas lambda_ lams rate rates lmbda lambd l intensity intensities mu theta thetas beta",
    "theta thetas p ps probs probabilities prob q mu mus success phi means",
    "beta betas coef coefs coefficients w ws b slope regressionweights",
)
_NOISE = frozenset(
    _words(
        """old new prev previous init list arr array mat matrix matrices vec vector vectors hat curr cur current the
        param in given initial est next self all nk ik ij k j estimated updated out values value"""
    )
)


def plain(name: str) -> str:
    """A name without case, underscores, and what says no more than which version of a thing it is."""
    parts = [part for part in re.split(r"[_\W]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()) if part]
    kept = [part for part in parts if part not in _NOISE and not part.isdigit()] or parts
    text = "".join(kept)
    return text.rstrip("0123456789") or text if not text.endswith("2") else text


def function_role(name: str, asked: Iterable[str] = ROLES) -> str | None:
    """Which of the functions a name in a file stands for."""
    short = re.sub(r"[_\W]+", "", name.rpartition(".")[2]).lower()
    return next((role for role in asked if short in FUNCTIONS[role]), None)


def counted(name: str) -> str | None:
    """Which size a name stands for: K, N or D."""
    return _COUNTED.get(re.sub(r"[_\W]+", "", name).lower())


class Vocabulary:
    """The words of one model."""

    def __init__(self, setting: Setting) -> None:
        families = setting.families
        self.parameters = setting.fields
        self.knowns = tuple(setting.module.KNOWNS)
        self._own: dict[str, str] = {}
        self._usual: dict[str, list[str]] = {}
        for code in (*self.parameters, *self.knowns):
            family = families[code]
            names = {family.name, code, family.latex.strip("\\"), code.removesuffix("s")} - {""}
            for name in names:
                self._own.setdefault(plain(name), code)
            is_weights = code == setting.module.WEIGHTS
            for i, group in enumerate(_GROUPS):
                words = group.split()
                if is_weights != (i == 2) or (not is_weights and not {plain(name) for name in names} & set(words[:40])):
                    continue
                for word in words:
                    self._usual.setdefault(word, []).append(code)

    def candidates(self, name: str) -> tuple[str, ...]:
        """What a name may stand for, the likeliest first: codes of parameters and knowns, data, responsibilities."""
        short = plain(name)
        found = [self._own[short]] if short in self._own else []
        found += [DATA] if short in _DATA else []
        found += self._usual.get(short, [])
        if short in _GAMMA:
            found.insert(1 if short in self._own or (len(short) > 1 and short in self._usual) else 0, GAMMA)
        if short in {"gamma", "resp", GAMMA, "r", "rnk", "gammas"} and GAMMA in found and short not in self._own:
            found.remove(GAMMA)
            found.insert(0, GAMMA)
        return tuple(dict.fromkeys(found))

    def parameter(self, name: str) -> str | None:
        """The parameter that a name most likely stands for, or the responsibilities."""
        return next((found for found in self.candidates(name) if found in {*self.parameters, GAMMA}), None)
