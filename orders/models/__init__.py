from orders.models.bank import BankDeposit
from orders.models.contact import Complaint, Message
from orders.models.money import Invoice, LedgerEntry, Payment, PaymentEvent, Refund
from orders.models.order import Order, Project
from orders.models.rating import OfficialRating, Rating
from orders.models.side import Contract, Extension, LeadChange, Material, MaterialRequest, PauseConsent
from orders.models.work import Deliverable, ExternalReviewRound, TestBatch

__all__ = [
    "BankDeposit",
    "Complaint",
    "Contract",
    "Deliverable",
    "Extension",
    "ExternalReviewRound",
    "Invoice",
    "LeadChange",
    "LedgerEntry",
    "Material",
    "MaterialRequest",
    "Message",
    "OfficialRating",
    "Order",
    "PauseConsent",
    "Payment",
    "PaymentEvent",
    "Project",
    "Rating",
    "Refund",
    "TestBatch",
]
