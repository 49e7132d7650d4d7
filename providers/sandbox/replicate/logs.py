"""What a model prints while it runs: a pure function of the job and how far it is."""

from providers.sandbox.jobs import Job

BLOCKS = " ▏▎▍▌▋▊▉█"


def _bar(step: int, steps: int) -> str:
    eighths = step * 80 // steps
    full, rest = divmod(eighths, 8)
    return ("█" * full + (BLOCKS[rest] if rest else "")).ljust(10)


def text(job: Job, at_ns: int) -> str:
    """The log so far: nothing before the start, complete at the end."""
    if not job.started_ns:
        return ""
    until_ns = min(at_ns, job.completed_ns or at_ns)
    seconds = job.details["seconds"]
    gone = (until_ns - job.started_ns) / 1e9
    share = 1.0 if seconds <= 0 or job.completed_ns else min(1.0, gone / seconds)
    told = job.input.get("num_inference_steps")
    steps = told if isinstance(told, int) and told > 0 else 4 if "schnell" in job.endpoint else 28
    done = int(share * steps)
    lines = [f"Using seed: {job.details['seed']}"]
    for step in range(0, done + 1, max(1, steps // 10)):
        spent = gone * step / done if done else 0.0
        rate = f"{step / spent:.2f}it/s" if spent else "?it/s"
        left = f"00:{spent / step * (steps - step):02.0f}" if step else "?"
        lines.append(f"{step * 100 // steps:3d}%|{_bar(step, steps)}| {step}/{steps} [00:{spent:02.0f}<{left}, {rate}]")
    return "\n".join(lines) + "\n"
