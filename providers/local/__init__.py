"""Work that needs no key and no network: how it is started, bounded, looked after and stopped. No Django.

`jobs` names what can be done, `running` is the parent's side, `worker` the child process; the rest is the work itself.
"""
