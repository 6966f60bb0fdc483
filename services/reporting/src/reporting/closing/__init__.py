"""Protection's closed months: frozen once, told where enough organisations stand behind them."""
