"""The list of what is planned and not built yet. Diagrams draw it dashed. Whoever builds a thing removes it here and adds its card."""

#: Title and technology by a short name.
PLANNED = {
    "front_door": ("Front door", "Caddy, one sign-in"),
    "encryption": ("Encryption", "TLS on every hop"),
    "policies": ("Access rules", "Ranger, by row"),
    "forgetting": ("Forgetting", "Vault"),
}
