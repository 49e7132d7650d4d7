"""Which IP addresses are the public internet's. Nothing about names, URLs or connections (`destinations`)."""

import ipaddress

# `is_global` alone says yes to several of these, and to others depending on the Python version.
REFUSED_V4 = [
    ipaddress.IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # Azure answers machines inside it with their metadata here, on a public address.
        "168.63.129.16/32",
    )
]
# Only 2000::/3 is handed out to the public. That leaves out mapped (::ffff:), compatible (::), NAT64 (64:ff9b::),
# local (fc00::, fe80::, fec0::) and multicast (ff00::) addresses; inside it these wrap an IPv4 one or lead nowhere.
PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
REFUSED_V6 = [
    ipaddress.IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20")
]


def is_public(address: str) -> bool:
    """Whether an IP address, written out, belongs to the public internet and wraps no other address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not any(ip in network for network in REFUSED_V4)
    return ip.is_global and ip in PUBLIC_V6 and not any(ip in network for network in REFUSED_V6)
