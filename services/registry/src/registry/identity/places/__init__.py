"""Places an account is known from: browsers and networks somebody has signed in from before."""
