"""Projections that earn their place: methods, backtest, intervals, and the rule that says what is published."""
