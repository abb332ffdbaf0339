"""``derive verify MODEL --m-step``: anybody's M-step is held against Q of a model that was derived."""

from collections.abc import Callable
from typing import Any

from derive.checking.code import compares_with_derivation
from derive.checking.submitted.problem import Setting
from derive.checking.submitted.process import SECONDS, InProcess, OwnProcess
from derive.checking.submitted.trial import Trial, try_m_step
from derive.proof.derivation import Derivation
from derive.runtime.protocol import GeneratedModule


def verify_m_step(
    derivation: Derivation, module: GeneratedModule, m_step: str | Callable[..., Any], seconds: float = SECONDS
) -> Trial:
    """Try an M-step on random and real problems of a model.

    module: generated from the derivation; it is compared with the equations first, since Q is computed by it.
    m_step: "package.module:function" or "file.py:function", which is run in a process of its own, so many seconds a
    call at most; or a function, which is called here. Its signature is that of the module's ``m_step``.
    Where the model has a latent variable beside the labels, Q is taken with it integrated out: whatever raises the
    expected complete log density, with moments at the previous parameters, raises that Q too, and so may an M-step
    that goes about it in another way.
    Raises InputError where there is no such function, StepRefusedError where the module is not what was derived.
    """
    compares_with_derivation(derivation, module)
    setting = Setting(derivation, module)
    if not isinstance(m_step, str):
        return try_m_step(setting, InProcess(m_step))
    with OwnProcess(m_step, setting.fields, seconds) as submission:
        return try_m_step(setting, submission)
