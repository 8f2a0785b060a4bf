"""Hessians of loss surfaces."""
