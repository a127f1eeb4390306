"""Who may have a part in an order, by the words that machines, reasons, limits and pages all use."""

BUYER, AGENCY = "buyer", "agency"
# The centre's people, the platform itself, and whoever holds the money.
OPERATOR, SYSTEM, CUSTODIAN = "operator", "system", "custodian"
