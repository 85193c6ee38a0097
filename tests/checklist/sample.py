"""A small checklist that every test of this room can break in its own way."""

ADVICE = """\
E11:
  severity: WARN
  says: "Security Policy: 2016-08"
  fact: It allows TLS 1.0 and no TLS 1.3.
  wizard: Offers the policy AWS recommends.
  reason: TLS 1.0 is not offered to anybody.
"""

CHECKLIST = """\
schema: st-wizard/1
id: sample
title: A sample
source: "Nowhere, A sample"
inputs:
  name:
    label: Name
    default: '${alb_name(''sample'')}'
  tls_policy:
    label: Security Policy
    letter: ELBSecurityPolicy-2016-08
    advice: E11
  zone:
    label: Zone
    type: choice
    choices: {source: fake.zones, with: {name: '${inputs.name}'}}
    after: first
sections:
  - title: One
    items:
      - id: first
        title: First
        letter: Make the thing
        lines: L1
        step: fake.thing
        with: {name: '${inputs.name}', size: 3}
      - id: second
        title: Second
        letter: Make another of it
        step: fake.thing
        needs: [first]
        advice: [E11]
        with: {name: 'x-${steps.first.arn}'}
"""
