"""Typed Python client and the tansiq command for partners, hubs and operators."""
