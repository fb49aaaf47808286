"""Tests of what is read from the judged tree."""
