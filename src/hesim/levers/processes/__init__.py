"""Levers with a process of their own: people on two sides, swaps, redeployment, doctorates."""

from hesim.levers.processes.doctoral_track import DoctoralTrack
from hesim.levers.processes.job_swap import JobSwap
from hesim.levers.processes.joint_appointment import JointAppointment
from hesim.levers.processes.mobility_network import MobilityNetwork
from hesim.levers.processes.process import Process, Turn
from hesim.levers.processes.secondment import Secondment

PROCESSES: dict[str, type[Process]] = {
    "secondment": Secondment,
    "joint_appointment": JointAppointment,
    "swap": JobSwap,
    "redeployment": MobilityNetwork,
    "doctorate": DoctoralTrack,
}
"""Process of each mechanism that has one."""

__all__ = ["PROCESSES", "Process", "Turn"]
