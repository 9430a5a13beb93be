{application,demo,
             [{applications,[kernel,stdlib,elixir,logger,gitdep]},
              {description,"demo"},
              {modules,['Elixir.Demo']},
              {registered,[]},
              {vsn,"0.1.0"}]}.
