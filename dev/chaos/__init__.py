"""`make chaos`: programs are killed and providers cut while a few hundred enrollments are in flight.

| module | subject |
| --- | --- |
| `installation` | a stack of its own, and how its programs are killed |
| `monkey` | what breaks, and when |
| `mix` | the campaigns, and what each promises |
| `lives` | the people who are enrolled, and what is done to them on the way |
| `record` | what the database, the providers and Temporal have in the end |
| `verdict` | whether that is what was promised |
| `ordeal` | all of it, from the first start to the verdict |

Everything random comes from the seed, so that a run can be had again; what the machine makes of it differs.
"""
