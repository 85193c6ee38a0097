"""Tests of the screens, driven by keys and mouse against a scripted desk."""
